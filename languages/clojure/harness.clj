;; program:  loads the student's script.
;; function: the text is the body of `solve`, or defines it.
;; check:    compiles the text instead of running it, and says where that fails.
(ns code-runner
  (:import (clojure.lang Compiler LineNumberingPushbackReader)
           (java.io FileInputStream FileOutputStream InputStream InputStreamReader StringReader)))

(def source "solution.clj")
(def most-frames 20)

(defn read-all [^InputStream stream]
  (String. (.readAllBytes stream) "UTF-8"))

(defn source-text []
  (with-open [stream (FileInputStream. (str "/code/" source))]
    (read-all stream)))

;; Errors

(defn causes [error]
  (take-while some? (iterate #(.getCause ^Throwable %) error)))

(defn compiling? [error]
  (boolean (some #(or (instance? clojure.lang.LispReader$ReaderException %)
                      (#{:read-source :macro-syntax-check :macroexpansion :compile-syntax-check :compilation}
                       (:clojure.error/phase (ex-data %))))
                 (causes error))))

(defn place-of [error]
  (->> (causes error)
       (keep #(let [{:clojure.error/keys [line column]} (ex-data %)]
                (when line [line (or column 1)])))
       last))

;; Clojure explains what is wrong with a form in several lines, after one that says where.
(defn message-of [error]
  (let [^Throwable root (last (causes error))
        text (if (and (compiling? error) (:clojure.error/phase (ex-data error)))
               (second (.split ^String (clojure.main/ex-str (clojure.main/ex-triage (Throwable->map error))) "\n" 2))
               (->> [(when-not (compiling? error) (.getSimpleName (class root))) (.getMessage root)]
                    (filter some?)
                    (interpose ": ")
                    (apply str)))]
    (.trim (.replaceAll ^String text "\\s+" " "))))

(defn frames-of [error]
  (->> (.getStackTrace ^Throwable (last (causes error)))
       (filter #(= source (.getFileName ^StackTraceElement %)))
       (take most-frames)
       (map (fn [^StackTraceElement frame]
              (str "  at " source ":" (.getLineNumber frame)
                   " (" (Compiler/demunge (.getClassName frame)) ")")))))

(defn leave [status]
  (flush)
  (.flush System/out)
  (.flush ^java.io.Writer *err*)
  (.halt (Runtime/getRuntime) status))

(defn fail [error]
  (flush)
  (binding [*out* *err*]
    (println (str "error: " (message-of error)))
    (if-let [frames (seq (frames-of error))]
      (run! println frames)
      (when-let [[line] (place-of error)]
        (println (str "  at " source ":" line)))))
  (leave 1))

;; The student's forms

(defn with-source [action]
  (with-bindings {Compiler/SOURCE source
                  Compiler/SOURCE_PATH source
                  #'*ns* (create-ns 'user)}
    (action)))

(defn reader []
  (LineNumberingPushbackReader. (StringReader. (source-text))))

(defn read-form [reader]
  (read {:eof ::end, :read-cond :allow} reader))

(defn head [form]
  (when (seq? form) (first form)))

(defn import? [form]
  (#{'ns 'require 'use 'import 'refer} (head form)))

(defn defines-solve? [form]
  (and (#{'def 'defn} (head form)) (= 'solve (second form))))

;; What only defines something is done, because what follows may need it.
(def definitions
  '#{alias declare defmacro defmulti defn defn- defprotocol defrecord deftype definterface derive extend-protocol
     extend-type import in-ns ns refer refer-clojure require set! use})

(defn compile-form [form]
  (let [head (head form)]
    (cond (definitions head) (eval form)
          (= 'do head) (run! compile-form (rest form))
          :else (eval (list 'fn* [] form)))))

;; Later forms can be read only when the imports are done: they may use their names.
(defn load-function [handle]
  (let [reader (reader)]
    (loop [form (read-form reader)]
      (if (import? form)
        (do (eval form)
            (recur (read-form reader)))
        (let [forms (into [] (take-while #(not= ::end %)) (cons form (repeatedly #(read-form reader))))]
          (if (some defines-solve? forms)
            (run! handle forms)
            (eval (list* 'defn 'solve '[input_str] forms))))))))

(defn check-program []
  (let [reader (reader)]
    (loop [form (read-form reader)]
      (when (not= ::end form)
        (compile-form form)
        (recur (read-form reader))))))

;; What to do

(defn run-program []
  (binding [*command-line-args* (next *command-line-args*)
            *ns* (create-ns 'user)]
    (Compiler/load (StringReader. (source-text)) source source))
  ;; Threads that are left may finish their work.
  (flush)
  (shutdown-agents))

(defn run-function []
  (let [input (read-all System/in)
        print-text print-str
        answer ((with-source (fn []
                               (load-function eval)
                               (ns-resolve *ns* 'solve)))
                input)
        text (if (instance? String answer) answer (print-text answer))]
    (flush)
    (with-open [file (FileOutputStream. "/answer")]
      (.write file (.getBytes (.concat "=" text) "UTF-8")))
    (leave 0)))

(defn check [mode]
  (try
    (with-source (if (= mode "program") check-program #(load-function compile-form)))
    (catch Throwable error
      (when (compiling? error)
        (let [[line column] (or (place-of error) [1 1])]
          (println (str source ":" line ":" column ": error: " (message-of error))))
        (leave 1))))
  (leave 0))

(try
  (case (first *command-line-args*)
    "program" (run-program)
    "function" (run-function)
    "check" (check (second *command-line-args*)))
  (catch Throwable error
    (fail error)))
