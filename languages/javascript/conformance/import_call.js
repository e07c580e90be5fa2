import('fs').then(async (fs) => {
  const { value } = await import('data:text/javascript,export const value = 7');
  console.log(typeof fs.readFileSync, value);
  await import('./absent.mjs').catch((error) => console.log(error.code));
});
