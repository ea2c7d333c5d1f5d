// What a listener does to notes, by the same rules as in Python. No DOM in here.

const find = (notes, edit) => notes.findIndex((note) =>
  note.track === edit.track && note.start === edit.start && note.pitch === edit.pitch && note.duration === edit.duration);

/** The notes after one edit, by the same rules as `apply_edits` in Python. */
export function applyEdit(notes, edit) {
  if (edit.op === "add") {
    const { track, start, pitch, duration, velocity } = edit;
    return [...notes, { track, start, pitch, duration, velocity }];
  }
  const index = edit.op === "undo" || edit.op === "redo" ? -1 : find(notes, edit);
  if (index < 0) return notes;
  const changed = notes.slice();
  if (edit.op === "delete") changed.splice(index, 1);
  if (edit.op === "move") changed[index] = { ...notes[index], start: edit.toStart, pitch: edit.toPitch };
  if (edit.op === "resize") changed[index] = { ...notes[index], duration: edit.toDuration };
  return changed;
}

/** The notes as they will be once Python has applied everything pending. */
export const withPending = (notes, log) => log.pending.reduce((all, entry) => entry.edits.reduce(applyEdit, all), notes);

export const noteId = (note) => `${note.track}:${note.start}:${note.pitch}:${note.duration}`;

export const addition = (note) => ({ op: "add", ...note });

export const removal = ({ track, start, pitch, duration }) => ({ op: "delete", track, start, pitch, duration });

export const shift = ({ track, start, pitch, duration }, ticks, semitones) =>
  ({ op: "move", track, start, pitch, duration, toStart: start + ticks, toPitch: pitch + semitones });

export const stretch = ({ track, start, pitch, duration }, toDuration) =>
  ({ op: "resize", track, start, pitch, duration, toDuration });

/** The note that `edit` leaves behind, to keep it selected. */
export function result(edit) {
  const { track, start, pitch, duration } = edit;
  if (edit.op === "move") return { track, start: edit.toStart, pitch: edit.toPitch, duration };
  if (edit.op === "resize") return { track, start, pitch, duration: edit.toDuration };
  return { track, start, pitch, duration };
}
