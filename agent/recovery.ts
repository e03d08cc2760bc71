import { FINAL_ACK_PHASES, type LogRecord, type ReasonCode } from '../src/contract/index.js';
import { isoTime, type ClusterClock } from './clock.js';
import type { CommandDesk } from './command-desk.js';
import type { PlayEngine } from './player/engine.js';
import { itemFromCommand, orderAtOnce } from './player/item.js';
import type { AgentStore } from './store/agent-store.js';

/**
 * A play that had begun and has no end in the journal was cut off by the restart: it is recorded as interrupted and not
 * played again. Run before anything is played, and after everything is silent.
 */
export function closeOpenPlays(
  store: AgentStore,
  clock: ClusterClock,
  observe?: (record: LogRecord) => void,
): void {
  for (const { record, untilMs } of store.journal.openPlays()) {
    const { journal: _journal, seq: _seq, byPlayId: _by, ...play } = record;
    const closed = store.journal.append(
      {
        ...play,
        kind: 'interrupted',
        at: isoTime(clock.now()),
        clock: clock.reading(),
        reason: 'RESTART',
        next: 'DROP',
      },
      untilMs,
    );
    observe?.(closed.record);
  }
}

/** Commands that were under way: a play that has not begun is taken up again, of the others it is said how they ended. */
export function takeUpCommands(store: AgentStore, desk: CommandDesk, engine: PlayEngine): void {
  for (const { id, type, issuedAt, ack, play } of store.commands.entries()) {
    if (FINAL_ACK_PHASES.has(ack.phase)) continue;
    if (play === undefined) {
      // After a restart a reboot is done and nothing sounds; a self-test and what was live are lost.
      const isLost = type === 'self-test' || type === 'live';
      desk.follow(id, isLost ? { phase: 'FAILED', code: 'RESTART' } : { phase: 'FINISHED' });
      continue;
    }
    const outcome = store.journal.outcomeOf(play.playId);
    const known = engine.find(play.playId);
    if (outcome !== undefined) {
      desk.follow(id, { phase: outcome.phase, code: outcome.reason as ReasonCode | undefined });
    } else if (store.stoppedSince(play, issuedAt)) {
      desk.follow(id, { phase: 'FAILED', code: 'STOPPED' });
    } else if (known === undefined) {
      engine.add(itemFromCommand(play, id, play.notAfter));
    } else {
      known.commandIds.push(id);
      orderAtOnce(known, play.notAfter);
      engine.look();
    }
  }
}
