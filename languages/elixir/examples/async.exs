mark =
  Task.async(fn ->
    Process.sleep(10)
    "!"
  end)

input_str <> Task.await(mark)
