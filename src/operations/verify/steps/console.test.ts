import { expect, it } from 'vitest';
import { websocketOf } from './console.ts';

it.each([
  ['https://cloud.example.org:6080/vnc_lite.html?path=%3Ftoken%3Dabc', 'wss://cloud.example.org:6080/?token=abc'],
  ['http://192.0.2.1:6080/vnc_auto.html?token=abc', 'ws://192.0.2.1:6080/?token=abc'],
  ['https://h/novnc/vnc_lite.html?path=websockify%3Ftoken%3Dabc', 'wss://h/websockify?token=abc'],
])('the page %s opens its websocket at %s', (page, websocket) => {
  expect(websocketOf(page)).toBe(websocket);
});
