import ICAL from 'ical.js';
import { formatLocal, ZONE_ID } from '../domain/local-time.js';
import { canonicalSchedule, type Schedule } from '../domain/schedule.js';

/** A programme as a calendar shows it. */
export interface CalendarEntry {
  uid: string;
  title: string;
  description: string | null;
  class: string;
  /** By RFC 5545: not approved yet is tentative. */
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED';
  /** Null: not known yet. */
  durationS: number | null;
  schedule: Schedule;
  /** Counts up with every change. */
  version: number;
  changedAt: Date;
}

/** An iCalendar file (RFC 5545) of programmes, which calendars of phones and Thunderbird can subscribe to. */
export function calendarText(name: string, entries: readonly CalendarEntry[]): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//Phủ Sóng//Programmes//VI');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', 'PUBLISH');
  calendar.addPropertyWithValue('x-wr-calname', plain(name));
  calendar.addPropertyWithValue('x-wr-timezone', ZONE_ID);
  calendar.addPropertyWithValue('x-published-ttl', 'PT1H');
  calendar.addSubcomponent(zoneOfVietNam());
  for (const entry of entries) for (const event of eventsOf(entry)) calendar.addSubcomponent(event);
  return `${calendar.toString()}\r\n`;
}

/** The series itself, and one event for each occurrence that was moved. */
function eventsOf(entry: CalendarEntry): ICAL.Component[] {
  const schedule = canonicalSchedule(entry.schedule);
  const [moved] = schedule.overrides;
  // What takes place once and was moved is an event at its new time: calendars know exceptions of repeated events only.
  if (schedule.rrule === null) return [eventAt(entry, moved?.startsAt ?? schedule.startsAt)];
  const series = eventAt(entry, schedule.startsAt);
  series.addPropertyWithValue('rrule', ICAL.Recur.fromString(schedule.rrule));
  for (const id of schedule.exdates) series.addProperty(localTime('exdate', id));
  const exceptions = schedule.overrides.map(({ recurrenceId, startsAt }) => {
    const event = eventAt(entry, startsAt);
    event.addProperty(localTime('recurrence-id', recurrenceId));
    return event;
  });
  return [series, ...exceptions];
}

function eventAt(entry: CalendarEntry, startsAt: string): ICAL.Component {
  const event = new ICAL.Component('vevent');
  const changed = utcTime(entry.changedAt);
  event.addPropertyWithValue('uid', entry.uid);
  event.addPropertyWithValue('dtstamp', changed);
  event.addPropertyWithValue('last-modified', changed);
  event.addPropertyWithValue('sequence', entry.version - 1);
  event.addProperty(localTime('dtstart', startsAt));
  if (entry.durationS !== null)
    event.addPropertyWithValue(
      'duration',
      ICAL.Duration.fromSeconds(Math.max(1, Math.ceil(entry.durationS))),
    );
  event.addPropertyWithValue('summary', plain(entry.title));
  if (entry.description !== null) event.addPropertyWithValue('description', plain(entry.description));
  event.addPropertyWithValue('categories', entry.class);
  event.addPropertyWithValue('status', entry.status);
  // Nobody is busy because a loudspeaker plays.
  event.addPropertyWithValue('transp', 'TRANSPARENT');
  return event;
}

function localTime(name: string, local: string): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setParameter('tzid', ZONE_ID);
  property.setValue(ICAL.Time.fromDateTimeString(local));
  return property;
}

function utcTime(at: Date): ICAL.Time {
  return ICAL.Time.fromDateTimeString(`${formatLocal(at.getTime())}Z`);
}

/** +07:00 all year. */
function zoneOfVietNam(): ICAL.Component {
  const zone = new ICAL.Component('vtimezone');
  zone.addPropertyWithValue('tzid', ZONE_ID);
  const standard = new ICAL.Component('standard');
  standard.addPropertyWithValue('dtstart', ICAL.Time.fromDateTimeString('1976-01-01T00:00:00'));
  standard.addPropertyWithValue('tzoffsetfrom', ICAL.UtcOffset.fromString('+07:00'));
  standard.addPropertyWithValue('tzoffsetto', ICAL.UtcOffset.fromString('+07:00'));
  standard.addPropertyWithValue('tzname', '+07');
  zone.addSubcomponent(standard);
  return zone;
}

/** Text of RFC 5545 has no control characters but the end of a line. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\p{Cc}\p{Cs}]/gu, (found) => (found === '\n' ? found : ' '));
}
