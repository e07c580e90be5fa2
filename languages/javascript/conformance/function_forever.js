return await new Promise(() => {});
