import type { Manifest } from '../../core/node.ts';
import { FAILED } from '../../core/result.ts';
import { failureDetails } from './failure-details.ts';
import type { ReporterEntry } from './reporter.ts';

/** Says nothing of what goes well. What failed is told at the end, with the time in front of each. */
export const quietReporter: ReporterEntry = {
  name: 'quiet',
  create(options) {
    let manifest: Manifest | undefined;
    return {
      handle(event) {
        if (event.type === 'project-read' || event.type === 'run-started') {
          manifest = event.manifest;
        }
        if (event.type !== 'run-finished') return;
        const time = new Date(options.clock.now()).toISOString().slice(11, 19);
        for (const result of event.result.results.filter(({ status }) => FAILED.has(status))) {
          const node = manifest?.nodes.get(result.node);
          const entries = node ? failureDetails(node, result, options) : [];
          const told = entries.filter((entry) => entry !== '');
          options.stream.write(told.map((entry) => `${time}  ${entry}\n`).join(''));
        }
      },
      close() {},
    };
  },
};
