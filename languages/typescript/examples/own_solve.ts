function solve(text: string): string {
    return text.repeat(2);
}
