// Evaluated in the place where the program is: arguments, from their form in JSON, as parameters want them.
(() => {
  const { parse } = JSON;
  const { fromCharCode } = String;
  const { isSafeInteger, isInteger } = Number;

  class Unfit extends Error {}

  const any = { kind: 'any', parts: [] };

  function part(shape, at) {
    return shape.parts[shape.kind === 'list' || shape.kind === 'set' ? 0 : at] ?? any;
  }

  function bytes(hex) {
    const content = new Uint8Array(hex.length / 2);
    for (let at = 0; at < content.length; at += 1) content[at] = parseInt(hex.slice(2 * at, 2 * at + 2), 16);
    return content;
  }

  // UTF-8, in which surrogates may stand alone.
  function text(content) {
    let made = '';
    for (let at = 0; at < content.length; ) {
      const first = content[at];
      const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
      let point = more ? first & (0x3f >> more) : first;
      for (let next = at + 1; next <= at + more; next += 1) {
        if ((content[next] & 0xc0) !== 0x80) throw new Unfit('these bytes are no text');
        point = (point << 6) | (content[next] & 0x3f);
      }
      if ((first >= 0x80 && first < 0xc2) || point > 0x10ffff) throw new Unfit('these bytes are no text');
      made += point > 0xffff ? fromCharCode(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff)) : fromCharCode(point);
      at += more + 1;
    }
    return made;
  }

  function integer(digits, written) {
    if (/\b(?:bigint|BigInt)\b/.test(written)) return BigInt(digits);
    const number = Number(digits);
    if (!isSafeInteger(number)) throw new Unfit(`${digits.slice(0, 40)} is no number of JavaScript's`);
    return number;
  }

  function map(content, shape, written) {
    const items = content.map(([key, value]) => [given(key, part(shape, 0), written), given(value, part(shape, 1), written)]);
    const isObject = items.every(([key]) => typeof key === 'string') && !/\b(?:Readonly)?Map\b/.test(written);
    if (!isObject && /\b(?:Record|Object)\b/.test(written) && items.every(([key]) => typeof key === 'number')) {
      return Object.fromEntries(items);
    }
    return isObject ? Object.fromEntries(items) : new Map(items);
  }

  function given(told, shape, written) {
    if (shape.kind === 'option') return given(told, part(shape, 0), written);
    if (Array.isArray(told)) {
      const items = told.map((each, at) => given(each, part(shape, at), written));
      if (shape.kind === 'set') return new Set(items);
      return shape.kind === 'bytes' ? Uint8Array.from(items) : items;
    }
    if (told === null || typeof told !== 'object') return told;
    const [[mark, content]] = Object.entries(told);
    if (mark === 'm') return map(content, shape, written);
    if (mark === 's') {
      const items = content.map((each) => given(each, part(shape, 0), written));
      return shape.kind === 'list' ? items : new Set(items);
    }
    if (mark === 'b') {
      if (shape.kind === 'text' || shape.kind === 'char') return text(bytes(content));
      return shape.kind === 'list' ? Array.from(bytes(content)) : bytes(content);
    }
    if (mark === 'i') return integer(content, written);
    if (mark === 'f') {
      const number = { nan: NaN, inf: Infinity, '-inf': -Infinity }[content] ?? Number(content);
      return /\bbigint\b/.test(written) && isInteger(number) ? BigInt(number) : number;
    }
    throw new Unfit(`an object of the class ${content} can't be handed over`);
  }

  // The parameter of each argument: one for all further ones.
  return (json, parametersJson) => {
    const parameters = parse(parametersJson);
    try {
      const last = parameters.at(-1);
      return {
        values: parse(json).map((each, at) => {
          const { shape, written } = parameters[at] ?? (last?.is_rest ? last : { shape: any, written: '' });
          return given(each, shape, written);
        }),
      };
    } catch (error) {
      return { unfit: String(error.message) };
    }
  };
})();
