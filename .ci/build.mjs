// `npm run build`: fills dist/ if it is not of these sources already.
import { setUp } from './setup.mjs';

setUp();
