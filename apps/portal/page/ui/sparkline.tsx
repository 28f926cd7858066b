import styles from './sparkline.module.css';

/** A few numbers as bars, without axes; the words say the same. */
export function Sparkline({ values, words }: { readonly values: readonly number[]; readonly words: string }) {
  const most = Math.max(1, ...values);
  return (
    <svg
      className={styles['line']}
      viewBox={`0 0 ${values.length * 4} 20`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      {values.map((value, at) => {
        const height = value === 0 ? 0.6 : Math.max(1.5, (value / most) * 20);
        // The place in time is what names a bar.
        return <rect key={at * 4} x={at * 4} y={20 - height} width="3" height={height} data-zero={value === 0} />;
      })}
    </svg>
  );
}
