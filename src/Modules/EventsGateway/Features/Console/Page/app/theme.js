// Runs before the first paint, so that a dark page does not flash white.
try {
  const chosen = localStorage.getItem('gateway-console-theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch { /* Without storage the theme follows the system. */ }
