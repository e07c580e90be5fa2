return `«${input_str}»`;
