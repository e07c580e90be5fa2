import scala.collection.mutable

inptu_str.toUpperCase
