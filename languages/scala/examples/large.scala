import scala.io.Source

object Main extends App {
  Source.stdin.getLines().foreach(println)
}
