// Channels with what was said last in them.
import {by_id, keyed_list, make, set_attribute, set_text, show_more} from "./dom.js";
import {show} from "./text.js";
import {date_and_time, time_of_day} from "./time.js";

let known = {total: 0, channels: []};
// Nothing is new on a page that was just opened.
let is_first = true;

function make_message(message) {
  const who = make("span", "who stranger");
  const text = make("span", "said stranger");
  const at = make("time", "at");
  const element = make("li", is_first ? "" : "new", make("span", "by", who, at), text);
  return {
    element,
    update(next) {
      show(who, next.handle);
      show(text, next.text);
      set_text(at, time_of_day(next.at));
      set_attribute(at, "title", date_and_time(next.at));
    },
  };
}

function make_channel() {
  const name = make("span", "channel-name stranger");
  const count = make("span", "count");
  const messages = make("ol", "messages");
  const empty = make("p", "empty", "Nothing was said here.");
  const element = make("article", "channel", make("h3", "", name, count), empty, messages);
  const list = new keyed_list(messages, (message) => String(message.sequence), make_message);
  return {
    element,
    update(channel) {
      show(name, channel.name);
      const last = channel.messages.at(-1);
      set_text(count, last ? `#${last.sequence}` : "");
      empty.hidden = channel.messages.length > 0;
      list.update(channel.messages);
    },
  };
}

const list = new keyed_list(by_id("channel-list"), (channel) => channel.name, make_channel);
const more = new show_more(by_id("channels-more"), 6, render);

function newest(channel) {
  return Date.parse(channel.messages.at(-1)?.at ?? "") || 0;
}

function render() {
  // Where something was said comes first; among the silent ones the configuration's order stays.
  const sorted = [...known.channels].sort((left, right) =>
    Number(newest(right) > 0) - Number(newest(left) > 0));
  list.update(more.cut(sorted, known.total));
  by_id("channels-empty").hidden = known.total > 0;
  set_text(by_id("channels-count"), known.total > 0 ? `${known.total}` : "");
  set_text(by_id("jump-channels"), `${known.total}`);
}

// Shows the part `channels`.
export function show_channels(part) {
  known = part;
  render();
  is_first = false;
}
