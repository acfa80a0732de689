// `npm run build`: fills dist/ if it is not of these sources already.
import { checkNode, ensureBuild, ensureDependencies, fail } from './setup.mjs';

checkNode();
ensureDependencies();
try {
  ensureBuild();
} catch (error) {
  fail(error.message);
}
