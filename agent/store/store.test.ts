import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  ackExamples,
  commandExamples,
  desiredExamples,
  examplePlayOrder,
  logExamples,
  type LogKind,
} from '../../src/contract/index.js';
import { AgentStore } from './agent-store.js';
import { CommandMemory } from './command-memory.js';
import { Journal, type NewRecord } from './journal.js';

const NOW = Date.parse('2026-03-02T17:00:00+07:00');
const UNTIL = NOW + 60_000;

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'store-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function record(play: number, kind: LogKind, change: Partial<NewRecord> = {}): NewRecord {
  const [example] = logExamples;
  if (example === undefined) throw new Error('the contract has no example');
  const { journal: _journal, seq: _seq, ...rest } = example;
  return { ...rest, playId: uuid(play), kind, ...change };
}

describe('the journal', () => {
  const open = (nowMs = NOW): Journal => new Journal(join(folder, 'journal.jsonl'), { fsync: false, nowMs });

  it('counts on in the same journal after it is opened again', () => {
    const first = open();
    first.append(record(1, 'started'), UNTIL);
    first.append(record(1, 'finished'), UNTIL);
    const second = open();
    expect(second.position()).toEqual({ journal: first.id, lastSeq: 2, ackedSeq: 0 });
    expect(second.pending(0, 10)).toEqual(first.pending(0, 10));
    expect(second.append(record(2, 'started'), UNTIL).record.seq).toBe(3);
    expect(open().position().lastSeq).toBe(3);
  });

  it('bears a torn last line, and what it never finished writing never was', () => {
    const first = open();
    first.append(record(1, 'started'), UNTIL);
    appendFileSync(join(folder, 'journal.jsonl'), '{"record":{"journal":"');
    const second = open();
    expect(second.position()).toEqual({ journal: first.id, lastSeq: 1, ackedSeq: 0 });
    second.append(record(1, 'finished'), UNTIL);
    expect(open().outcomeOf(uuid(1))).toMatchObject({ phase: 'FINISHED' });
  });

  it('cut off at any byte keeps every whole record before it', () => {
    const whole = open();
    for (let n = 1; n <= 4; n += 1) whole.append(record(n, 'started'), UNTIL);
    const bytes = readFileSync(join(folder, 'journal.jsonl'));
    const header = bytes.indexOf('\n') + 1;
    fc.assert(
      fc.property(fc.integer({ min: header, max: bytes.length }), (length) => {
        const cut = bytes.subarray(0, length);
        writeFileSync(join(folder, 'journal.jsonl'), cut);
        const lines = cut.toString('utf8').split('\n').length - 2;
        const { lastSeq } = open().position();
        // The last line is whole without its end of line as well.
        expect([lines, lines + 1]).toContain(lastSeq);
      }),
    );
  });

  it('begins another journal when the store is new', () => {
    const first = open();
    rmSync(join(folder, 'journal.jsonl'));
    expect(open().id).not.toBe(first.id);
  });

  it('lets go of confirmed records, and still knows the plays', () => {
    const journal = open();
    for (let n = 1; n <= 300; n += 1) {
      journal.append(record(n, 'started'), UNTIL);
      journal.append(record(n, 'finished'), UNTIL);
    }
    const before = statSync(join(folder, 'journal.jsonl')).size;
    expect(journal.acknowledge({ journal: journal.id, seq: 590 })).toBe(true);
    expect(journal.acknowledge({ journal: journal.id, seq: 500 })).toBe(false);
    expect(journal.acknowledge({ journal: uuid(9), seq: 600 })).toBe(false);
    expect(statSync(join(folder, 'journal.jsonl')).size).toBeLessThan(before);
    for (const look of [journal, open()]) {
      expect(look.position()).toEqual({ journal: journal.id, lastSeq: 600, ackedSeq: 590 });
      expect(look.pending(0, 3).map(({ seq }) => seq)).toEqual([591, 592, 593]);
      expect(look.outcomeOf(uuid(1))?.phase).toBe('FINISHED');
    }
    expect(journal.acknowledge({ journal: journal.id, seq: 9999 })).toBe(true);
    expect(open().position()).toMatchObject({ lastSeq: 600, ackedSeq: 600 });
  });

  it('forgets a play days after it could have been ordered, but none that is open', () => {
    const journal = open();
    journal.append(record(1, 'finished'), UNTIL);
    journal.append(record(2, 'started'), UNTIL);
    journal.acknowledge({ journal: journal.id, seq: 2 });
    const later = NOW + 10 * 86_400_000;
    open(later);
    const last = open(later);
    expect(last.outcomeOf(uuid(1))).toBeUndefined();
    expect(last.openPlays().map(({ record: { playId } }) => playId)).toEqual([uuid(2)]);
  });

  it('knows which plays have begun and not ended', () => {
    const journal = open();
    journal.append(record(1, 'started'), UNTIL);
    journal.append(record(2, 'started'), UNTIL);
    journal.append(record(2, 'interrupted', { next: 'RESUME' }), UNTIL);
    journal.append(record(3, 'started'), UNTIL);
    journal.append(record(3, 'interrupted', { next: 'DROP' }), UNTIL);
    journal.append(record(4, 'refused', { reason: 'CLOCK_UNSYNCED' }), UNTIL);
    journal.append(record(5, 'refused', { reason: 'QUIET_HOURS' }), UNTIL);
    for (const look of [journal, open()]) {
      expect(look.openPlays().map(({ record: { playId } }) => playId)).toEqual([uuid(1), uuid(2)]);
      expect(look.outcomeOf(uuid(4))).toBeUndefined();
      expect(look.outcomeOf(uuid(5))).toMatchObject({ phase: 'REJECTED', reason: 'QUIET_HOURS' });
    }
  });
});

describe('the memory of commands', () => {
  const open = (): CommandMemory => new CommandMemory(join(folder, 'commands.jsonl'), { fsync: false });
  const [ack] = ackExamples;
  if (ack === undefined) throw new Error('the contract has no example');
  const entry = (n: number, phase: typeof ack.phase) => ({
    id: uuid(n),
    type: 'play' as const,
    issuedAt: ack.at,
    ack: { ...ack, id: uuid(n), phase },
    sent: false,
  });

  it('keeps the last word about a command, and whether it was sent', () => {
    const first = open();
    first.put(entry(1, 'ACCEPTED'));
    const final = entry(1, 'FINISHED');
    first.put(final);
    first.markSent(uuid(1), entry(1, 'ACCEPTED').ack);
    expect(open().get(uuid(1))).toMatchObject({ sent: false, ack: { phase: 'FINISHED' } });
    first.markSent(uuid(1), final.ack);
    expect(open().get(uuid(1))?.sent).toBe(true);
  });

  it('remembers at least 256, whatever comes, and those under way for longer', () => {
    const memory = open();
    memory.put(entry(0, 'STARTED'));
    for (let n = 1; n <= 3000; n += 1) memory.put(entry(n, 'FINISHED'));
    for (const look of [memory, open()]) {
      for (let n = 3000 - 255; n <= 3000; n += 1) expect(look.get(uuid(n))).toBeDefined();
      expect(look.get(uuid(0))?.ack.phase).toBe('STARTED');
      expect(look.entries().length).toBeLessThanOrEqual(512);
    }
  });
});

describe('the store', () => {
  const open = (): AgentStore => new AgentStore(folder, { fsync: true, nowMs: NOW });

  it('keeps the applied document and the settings', () => {
    const [desired] = desiredExamples;
    if (desired === undefined) throw new Error('the contract has no example');
    const first = open();
    expect(first.desired).toBeUndefined();
    first.applyDesired(desired);
    first.saveSettings({ volumePercent: 20 });
    expect(open().desired).toEqual(desired);
    expect(open().settings).toEqual({ volumePercent: 20, alarms: {}, keys: [] });
    writeFileSync(join(folder, 'desired.json'), '{"version":1}');
    writeFileSync(join(folder, 'settings.json'), '{"vol');
    expect(open().desired).toBeUndefined();
    expect(open().settings).toEqual({ volumePercent: null, alarms: {}, keys: [] });
  });

  it('knows a play that was stopped after it was ordered', () => {
    const [order, stop] = commandExamples;
    if (order?.type !== 'play' || stop?.type !== 'stop') throw new Error('the examples have changed');
    const play = { ...examplePlayOrder, playId: uuid(1) };
    const store = open();
    const [ack] = ackExamples;
    if (ack === undefined) throw new Error('the contract has no example');
    const { id, issuedAt, target } = stop;
    store.commands.put({ id, type: 'stop', issuedAt, stop: target, ack: { ...ack, id }, sent: true });
    const before = new Date(Date.parse(issuedAt) - 1).toISOString();
    expect(open().stoppedSince(play, before)).toBe(true);
    expect(open().stoppedSince(play, issuedAt)).toBe(false);
    expect(open().stoppedSince({ ...play, broadcastId: uuid(2) }, before)).toBe(false);
    store.commands.put({
      id: uuid(7),
      type: 'stop',
      issuedAt,
      stop: { scope: 'ALL' },
      ack: { ...ack, id: uuid(7) },
      sent: true,
    });
    expect(store.stoppedSince({ ...play, broadcastId: uuid(2) }, before)).toBe(true);
    expect(store.stoppedSince({ ...play, broadcastId: uuid(2) }, before, 'NAMED')).toBe(false);
  });
});
