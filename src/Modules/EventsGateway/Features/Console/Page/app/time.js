import { el } from './dom.js';

// The gateway's clock, so that ages are right although the clock of the browser is wrong.
let offset = 0;
export const now = () => Date.now() + offset;
export function setClock(milliseconds) {
  const difference = milliseconds - Date.now();
  offset = Math.abs(difference) > 2000 ? difference : 0;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const dayText = at => day.format(new Date(at));

export const clockText = at => clock.format(new Date(at));

/** In the user's time zone; with the date unless it is today. */
export function timeText(at) {
  const date = new Date(at);
  const today = new Date(now());
  if (date.toDateString() === today.toDateString()) return clock.format(date);
  return `${(date.getFullYear() === today.getFullYear() ? day : dayOfYear).format(date)}, ${clock.format(date)}`;
}

const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
export const zone = () => full.resolvedOptions().timeZone;

export const utcText = at => `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`;

// With year and zone, for the tooltip.
const exactText = at => `${full.format(new Date(at))} = ${utcText(at)}`;

/** 0.4 ms, 12 ms, 1.2 s, 3 min 4 s, 2 h 5 min, 3 d 4 h. */
export function durationText(milliseconds) {
  if (milliseconds == null) return '–';
  if (milliseconds < 10) return `${+milliseconds.toFixed(1)} ms`;
  if (milliseconds < 995) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${+seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return two(minutes, 'min', whole % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? two(hours, 'h', minutes % 60, 'min') : two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const two = (first, unit, second, smaller) => second ? `${first} ${unit} ${second} ${smaller}` : `${first} ${unit}`;

export const secondsText = seconds => durationText(seconds == null ? null : seconds * 1000);

/** Coarse: text that changes every second distracts. */
export function ageText(at) {
  const seconds = Math.max(0, (now() - new Date(at)) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 5) * 5} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

export const time = (at, attributes = {}) =>
  at == null ? '–' : el('time', { datetime: new Date(at).toISOString(), title: exactText(at), ...attributes }, timeText(at));

export const age = at => at == null ? '–'
  : el('time', { datetime: new Date(at).toISOString(), title: exactText(at), 'data-age': '' }, ageText(at));

export const timeAndAge = at => at == null ? '–'
  : el('span', { class: 'timestamp' }, time(at), ' ', el('span', { class: 'muted' }, age(at)));

setInterval(() => {
  for (const one of document.querySelectorAll('time[data-age]')) {
    const text = ageText(one.dateTime);
    if (one.textContent !== text) one.textContent = text;
  }
}, 5000);
