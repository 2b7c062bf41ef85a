// What the demo's OpenID provider remembers, in memory: gone when it stops.
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Held {
  payload: AdapterPayload;
  expiresAt: number;
}

/** For the provider's `adapter`: one store for all its kinds of things. */
export function identityStore(): (kind: string) => Adapter {
  const held = new Map<string, Held>();

  return (kind) => {
    const nameOf = (id: string) => `${kind} ${id}`;
    const look = (name: string): AdapterPayload | undefined => {
      const found = held.get(name);
      if (found && found.expiresAt > Date.now()) return found.payload;
      held.delete(name);
      return undefined;
    };
    const lookBy = (field: 'uid' | 'userCode', value: string): AdapterPayload | undefined => {
      for (const [name, { payload }] of held) if (name.startsWith(`${kind} `) && payload[field] === value) return look(name);
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        // Nobody stays signed in here: each sign-in asks anew who it is.
        if (kind === 'Session') return;
        held.set(nameOf(id), { payload, expiresAt: expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000 });
      },
      find: async (id) => look(nameOf(id)),
      findByUid: async (uid) => lookBy('uid', uid),
      findByUserCode: async (userCode) => lookBy('userCode', userCode),
      consume: async (id) => {
        const payload = look(nameOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void held.delete(nameOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [name, { payload }] of held) if (payload.grantId === grantId) held.delete(name);
      },
    };
  };
}
