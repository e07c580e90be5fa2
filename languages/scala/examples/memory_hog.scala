object Main extends App {
  var blocks = List.empty[Array[Long]]
  while (true) {
    blocks = Array.fill(100000)(1L) :: blocks
  }
}
