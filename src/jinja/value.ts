/** The face of the template language's values: what contexts, configs and adapters need. */

export { bindArguments, type Call, callFunction, jinjaFunction } from './call.ts';
export { toPlain, toValue } from './convert.ts';
export { toRepr, toText } from './python/text.ts';
export { JinjaFunction, type JinjaObject, PyTuple, type Value } from './python/types.ts';
