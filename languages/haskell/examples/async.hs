import Control.Concurrent

do
  result <- newEmptyMVar
  _ <- forkIO $ do
    threadDelay 10000
    putMVar result (input_str ++ "!")
  takeMVar result
