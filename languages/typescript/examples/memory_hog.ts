const blocks: number[][] = [];
while (true) {
    blocks.push(new Array<number>(1_000_000).fill(blocks.length));
}
