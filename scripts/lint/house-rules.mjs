// Lint rules of this house that no stock rule can express, as a plugin of oxlint.
//   rooms    imports between the rooms of src/ look down (rooms.mjs)
//   io       Node's I/O modules and the clients of services only in the rooms that are for it
//   ambient  no clock, timer, randomness or process environment outside the edge: they are passed in
// test/unit/lint.test.ts plants a violation of each and proves that the lint sees it.
import { dirname, join, relative, sep } from 'node:path';

import { AMBIENT_FILES, forbidden, IO_FILES, IO_MODULES, IO_ROOMS, NET_PACKAGES, roomOf } from './rooms.mjs';

const AMBIENT_CALLS = {
  Date: ['now'],
  Math: ['random'],
  performance: ['now'],
  crypto: ['randomUUID', 'getRandomValues'],
};
const AMBIENT_GLOBALS = ['setTimeout', 'setInterval', 'setImmediate', 'process'];
const AMBIENT_MODULES = ['timers', 'timers/promises', 'process', 'perf_hooks'];

/** Path below the nearest src/ directory, with slashes; undefined for files outside src/. */
function pathInSource(filename) {
  const parts = filename.split(sep);
  const index = parts.lastIndexOf('src');
  return index === -1 ? undefined : parts.slice(index + 1).join('/');
}

/** Calls `visit(node, specifier)` for every static import, re-export and dynamic import. */
function onImports(visit) {
  const check = (node) => {
    if (typeof node.source?.value === 'string') visit(node, node.source.value);
  };
  return {
    ImportDeclaration: check,
    ExportNamedDeclaration: check,
    ExportAllDeclaration: check,
    ImportExpression: check,
  };
}

const rooms = {
  create(context) {
    const from = pathInSource(context.filename);
    if (from === undefined) return {};
    return onImports((node, specifier) => {
      if (!specifier.startsWith('.')) return;
      const root = context.filename.slice(0, -from.length);
      const target = relative(root, join(dirname(context.filename), specifier))
        .split(sep)
        .join('/');
      const message = target.startsWith('..')
        ? target.startsWith('../package.json')
          ? undefined
          : `src/ must not import ${specifier}, which is outside it`
        : forbidden(roomOf(from), roomOf(target));
      if (message !== undefined) context.report({ node, message });
    });
  },
};

const io = {
  create(context) {
    const from = pathInSource(context.filename);
    if (from === undefined) return {};
    const room = roomOf(from);
    const mayDoIo = IO_ROOMS.includes(room) || IO_FILES.includes(from);
    return onImports((node, specifier) => {
      const name = specifier.replace(/^node:/, '').split('/')[0];
      if (IO_MODULES.includes(name) && !mayDoIo) {
        context.report({
          node,
          message: `${specifier} is I/O: only ${IO_ROOMS.join(', ')} and spec loading may use it`,
        });
      }
      if (NET_PACKAGES.includes(name) && room !== 'net') {
        context.report({ node, message: `${specifier} is a client of a service: only net may use it` });
      }
    });
  },
};

const ambient = {
  create(context) {
    const from = pathInSource(context.filename);
    if (from === undefined || AMBIENT_FILES.includes(from)) return {};
    const mayUseProcess = IO_ROOMS.includes(roomOf(from)) || IO_FILES.includes(from);
    const report = (node, name) =>
      context.report({
        node,
        message: `${name} is ambient: take a Clock, RandomBytes or the environment as an argument`,
      });
    return {
      ...onImports((node, specifier) => {
        if (AMBIENT_MODULES.includes(specifier.replace(/^node:/, ''))) report(node, specifier);
      }),
      MemberExpression(node) {
        const object = node.object.type === 'Identifier' ? node.object.name : '';
        const property = node.property.type === 'Identifier' ? node.property.name : '';
        if (object === 'process' && !mayUseProcess) report(node, `process.${property}`);
        if (AMBIENT_CALLS[object]?.includes(property)) report(node, `${object}.${property}`);
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node, 'new Date()');
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && AMBIENT_GLOBALS.includes(node.callee.name))
          report(node, node.callee.name);
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { rooms, io, ambient } };
