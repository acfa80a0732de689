/**
 * Browsers started under the POSIX locale report `en-US@posix`, which `Intl` refuses; uPlot hands it over while it is
 * loaded. So this is the first import of the page.
 */
function usable(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length >= 0;
  } catch {
    return false;
  }
}

if (!usable(navigator.language)) Object.defineProperty(navigator, 'language', { value: navigator.language.split('@')[0], configurable: true });
