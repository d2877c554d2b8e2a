// Points in time as people read them. The server's clock counts: what it says now is compared with
// the browser's once in a while.

let ahead = 0;

// What the server's clock shows, as it just said.
export function server_says(text) {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) {
    ahead = at - Date.now();
  }
}

export function server_now() {
  return Date.now() + ahead;
}

const two = (number) => String(number).padStart(2, "0");

// A duration that ticks: 0:07, 12:40, 3:02:11, 2 d 4 h.
export function clock(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600)];
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) {
    return `${days} d ${hours % 24} h`;
  }
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

// A duration in one unit: 7 s, 12 min, 3 h, 2 d.
export function rough(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} d`;
}

// The time of day, by the reader's own clock and zone.
export function time_of_day(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? "" : `${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function date_and_time(text) {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleString();
}
