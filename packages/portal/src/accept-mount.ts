import type { AcceptMountRequest, AuditRecord } from '@sendit/api';
import { SenditError } from '@sendit/model';

export interface MountAccepter {
  accept(
    request: AcceptMountRequest,
  ): Promise<
    | { readonly kind: 'accepted'; readonly record: AuditRecord }
    | { readonly kind: 'not-found' }
    | { readonly kind: 'unchanged'; readonly root: string }
  >;
}

/** Accepts what lies at a watch path. @throws SenditError `not-found`, `refused` */
export async function acceptMount(mounts: MountAccepter, request: AcceptMountRequest): Promise<AuditRecord> {
  const outcome = await mounts.accept(request);
  switch (outcome.kind) {
    case 'accepted':
      return outcome.record;
    case 'unchanged':
      throw new SenditError(
        `Expected another mount at the watch path ${outcome.root}, but it is the one that is remembered.`,
        {
          code: 'refused',
          hint: 'There is nothing to accept. `sendit watcher status` says what is wrong with a watch path.',
        },
      );
    case 'not-found':
      throw new SenditError('No watch path is known under this name or path.', {
        code: 'not-found',
        hint: '`sendit watcher status` lists the watch paths.',
      });
  }
}
