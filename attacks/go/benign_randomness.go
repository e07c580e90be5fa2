//: what     random numbers of both kinds and hashes; time zones: benign
//: id       G-21 G-22
//: expect   ok
//: output   3 9f86d081 14:00 CEST
package main

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"math/big"
	"time"
	_ "time/tzdata"
)

func main() {
	fresh := map[string]bool{}
	for count := 0; count < 3; count++ {
		number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
		if err != nil {
			panic(err)
		}
		fresh[number.String()] = true
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	hash := sha256.Sum256([]byte("test"))
	noon := time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC)
	fmt.Printf("%d %x %s\n", len(fresh), hash[:4], noon.In(berlin).Format("15:04 MST"))
}
