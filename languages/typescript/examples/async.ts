const later = (text: string): Promise<string> => new Promise((done) => setTimeout(() => done(text), 5));

const text: string = await later(input_str);
return text + "!";
