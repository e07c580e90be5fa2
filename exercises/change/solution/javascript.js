let amount = Number(require("fs").readFileSync(0, "utf8"));

for (const coin of [50, 20, 10, 5, 2, 1]) {
  while (amount >= coin) {
    console.log(coin);
    amount -= coin;
  }
}
