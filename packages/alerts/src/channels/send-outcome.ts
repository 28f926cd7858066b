/** How a channel took a notice; the reason holds codes alone, no address and no answer. */
export type SendOutcome = { readonly kind: 'sent' } | { readonly kind: 'failed'; readonly reason: string };
