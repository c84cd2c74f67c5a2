import type { JinjaObject } from '../../python/types.ts';
import { recordValue } from '../record-value.ts';
import { datetimeModule } from './datetime.ts';
import { itertoolsModule } from './itertools.ts';
import { pytzModule } from './pytz.ts';
import { reModule } from './re.ts';

/** `modules`: dbt's pieces of Python's library. `now` gives epoch milliseconds. */
export const modulesValue = (now: () => number): JinjaObject =>
  recordValue('modules', {
    datetime: datetimeModule(now),
    re: reModule,
    pytz: pytzModule,
    itertools: itertoolsModule,
  });
