import { useEffect } from 'react';
import type { Headline, HeadlineTone } from '../live/headline.ts';
import { HEADLINE } from '../words/words.ts';

const ICONS: Readonly<Record<HeadlineTone, string>> = {
  well: './icon.svg',
  attention: './icon-attention.svg',
  bad: './icon-bad.svg',
  unknown: './icon-lost.svg',
};

/** Title and icon of the tab say what the headline says; no name is in them. */
export function useTitle({ tone, words, count }: Headline): void {
  useEffect(() => {
    document.title = HEADLINE.title(words, count);
    const icon = document.getElementById('icon');
    if (icon instanceof HTMLLinkElement && icon.getAttribute('href') !== ICONS[tone]) icon.href = ICONS[tone];
  }, [tone, words, count]);
}
