//: what     ten scripts, in and out: benign
//: id       G-08
//: mode     function
//: expect   ok
//: output   Grüße Ελλάδα Привет שלום سلام नमस्ते ไทย 漢字 かな 한국어 🎉
"Grüße Ελλάδα Привет שלום سلام नमस्ते ไทย 漢字 かな 한국어 🎉".to_string()
