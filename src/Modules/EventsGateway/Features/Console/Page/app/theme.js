// Before the first paint, so that nobody who chose the dark page is shown a white one first.
try {
  const chosen = localStorage.getItem('gateway-console-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch { /* A browser that keeps nothing follows the system. */ }
