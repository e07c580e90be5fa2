//! The calls that no safe wrapper covers, all of them about this process as a whole: how the C library's allocator gives memory
//! back, how it looks names up, and where certificates are looked for. No decisions about requests.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};
use std::io;

/// From this size on, in bytes, a block is mapped by itself and given back when it is freed. It is the allocator's own first
/// value (mallopt(3)), which it would raise to 32 MiB as soon as large blocks are freed.
const MAPPED_FROM: libc::c_int = 128 * 1024;

/// Arenas, which threads share. The allocator's own choice is eight for each processor, and each keeps what it once had.
const ARENAS: libc::c_int = 2;

/// Has freed memory go back to the host. Measured with 400 submissions of up to 6 MB, eight at a time: the server kept
/// 450 MiB without this and 56 MiB with it.
pub fn give_memory_back() {
    let settings =
        [(libc::M_ARENA_MAX, ARENAS), (libc::M_MMAP_THRESHOLD, MAPPED_FROM), (libc::M_TRIM_THRESHOLD, MAPPED_FROM)];
    for (parameter, value) in settings {
        // SAFETY: mallopt takes numbers; it is called while the process has one thread. A value it does not take
        // changes nothing, and then memory is kept for longer, which is no error.
        unsafe { libc::mallopt(parameter, value) };
    }
}

/// The services that are linked into this program, and for what they are asked (nsswitch.conf(5)). Whatever else the host has for
/// that is in libraries of its own, which were made for another program: one that is linked statically crashes with them.
const LOOK_UPS: [(&CStr, &CStr); 2] = [(c"hosts", c"files dns"), (c"passwd", c"files")];

/// How long the name servers of `/etc/resolv.conf` are waited for: each for a second, twice (resolver(3)). Its own five seconds are
/// all that connecting may take, so that one which is away would keep the server from a database that others know.
const PATIENCE: &str = "timeout:1 attempts:2";

unsafe extern "C" {
    /// Takes the place of a line of nsswitch.conf (`nss.h` of glibc).
    fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
}

/// Has the C library look hosts up in `/etc/hosts` and with DNS, and users in `/etc/passwd`, whatever the host says of that. The
/// variable `RES_OPTIONS` has the last word about DNS.
///
/// # Errors
/// The library does not know the service.
pub fn look_up_without_libraries() -> io::Result<()> {
    for (database, services) in LOOK_UPS {
        // SAFETY: both are strings that end with a zero, and are constants, whatever the library does with them. It is called
        // while the process has one thread, so nobody looks something up meanwhile.
        if unsafe { __nss_configure_lookup(database.as_ptr(), services.as_ptr()) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    if std::env::var_os("RES_OPTIONS").is_none() {
        // SAFETY: the environment is changed while the process has one thread, so nobody reads it meanwhile.
        unsafe { std::env::set_var("RES_OPTIONS", PATIENCE) };
    }
    Ok(())
}

/// Has nobody find the host's authorities any more, through the variables of rustls-native-certs. sqlx would add them to those
/// that it is given, with every connection: a database would be believed for which somebody else vouches than whom the operator
/// named.
pub fn hide_authorities() {
    // SAFETY: the environment is changed while the process has one thread, so nobody reads it meanwhile.
    unsafe {
        std::env::set_var("SSL_CERT_FILE", "/dev/null");
        std::env::remove_var("SSL_CERT_DIR");
    }
}
