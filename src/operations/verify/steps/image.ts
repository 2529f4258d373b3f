// Upload an image and see that the store has the same bytes.
import { awaitState, need } from '../bench.ts';
import { notHere } from '../step.ts';
import type { VerifyStep } from '../step.ts';

interface Image {
  readonly id: string;
  readonly status: string;
  readonly size: number | null;
}

export const imageStep: VerifyStep = {
  name: 'image',
  services: ['glance'],
  after: ['account'],
  deadlineSeconds: 600,
  act: async (bench, signal) => {
    const { image } = bench.settings;
    if (image === undefined) return notHere('there is no image to upload; name one with --image');
    const user = need(bench, 'user');
    const { id } = await user.request<Image>('image', {
      method: 'POST',
      path: '/images',
      body: { name: bench.name('image'), disk_format: image.format, container_format: 'bare', visibility: 'private' },
      signal,
    });
    await user.request('image', {
      method: 'PUT',
      path: `/images/${id}/file`,
      bodyFile: image.file,
      deadlineMs: 540_000,
      signal,
    });
    const seen = await awaitState(bench, {
      what: 'the image to be active',
      seconds: 120,
      signal,
      look: async () => user.request<Image>('image', { path: `/images/${id}`, signal }),
      until: ({ status }) => status === 'active' || `it is ${status}`,
    });
    bench.made.imageId = id;
    return `${((seen.size ?? 0) / 2 ** 20).toFixed(1)} MiB uploaded`;
  },
};
