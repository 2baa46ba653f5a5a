import { el, svg } from '../app/dom.js';

// One shape per state: colour alone does not reach everyone.
const shapes = {
  good: () => [
    svg('circle', { cx: 8, cy: 8, r: 7, class: 'fill' }),
    svg('path', { d: 'm4.8 8.2 2.2 2.3 4.2-4.8', class: 'cut' }),
  ],
  warn: () => [
    svg('path', { d: 'M8 1.3 15.3 14.3H.7z', class: 'fill', 'stroke-linejoin': 'round' }),
    svg('path', { d: 'M8 6v3.6M8 12v.1', class: 'cut' }),
  ],
  bad: () => [
    svg('path', { d: 'M4.9 1h6.2L15 4.9v6.2L11.1 15H4.9L1 11.1V4.9z', class: 'fill' }),
    svg('path', { d: 'm5.4 5.4 5.2 5.2m0-5.2-5.2 5.2', class: 'cut' }),
  ],
  pending: () => [
    svg('circle', { cx: 8, cy: 8, r: 6.2, class: 'ring' }),
    svg('path', { d: 'M8 4.2V8l2.6 1.8', class: 'line' }),
  ],
  neutral: () => [
    svg('circle', { cx: 8, cy: 8, r: 6.2, class: 'ring' }),
    svg('path', { d: 'M5 8h6', class: 'line' }),
  ],
};

/** Decorative: the text beside it names the state. */
export const statusIcon = kind =>
  svg('svg', { viewBox: '0 0 16 16', class: `status-icon is-${kind}`, 'aria-hidden': 'true' }, shapes[kind]());

export const badge = (kind, text) => el('span', { class: `badge is-${kind}` }, statusIcon(kind), text);

const icons = {
  overview: 'M3 12.5 8 7l4 4 7-7.5M14.5 3.5H19V8M3 18.5h16',
  events: 'M4 5h14M4 11h14M4 17h9',
  failed: 'M11 3.5 20 18.5H2zM11 9v4M11 15.7v.1',
  rejected: 'M11 2.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17M5 5l12 12',
  processes: 'M3.5 4h15v5.5h-15zM3.5 12.5h15V18h-15zM6.5 6.8h.1M6.5 15.3h.1',
  sources: 'M3 11h9M8.5 7 12.5 11l-4 4M11 3.5h7.5v15H11',
  audit: 'M5 3h9l4 4v12H5zM8.5 10h6M8.5 14h6M14 3v4h4',
  erasure: 'M3.5 6h15M8 6V3.5h6V6M5.5 6l1 13h9l1-13M9 9.5v6M13 9.5v6',
  sun: 'M11 7a4 4 0 1 1 0 8 4 4 0 0 1 0-8M11 2v2M11 18v2M2 11h2M18 11h2'
    + 'M4.6 4.6 6 6M16 16l1.4 1.4M4.6 17.4 6 16M16 6l1.4-1.4',
  moon: 'M18 13.2A7.6 7.6 0 0 1 8.8 4 7.6 7.6 0 1 0 18 13.2z',
};

export const icon = name => svg('svg', { viewBox: '0 0 22 22', class: 'icon', 'aria-hidden': 'true' },
  svg('path', { d: icons[name] }));
