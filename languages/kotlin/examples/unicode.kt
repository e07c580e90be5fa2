fun main() {
    println("«${readLine()}»")
}
