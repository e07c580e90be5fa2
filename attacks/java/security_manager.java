//: what     forbids the harness everything: only its own answer can suffer
//: id       A-130
//: mode     function
//: expect   ok|runtime_error
System.setSecurityManager(new SecurityManager() {
    @Override
    public void checkPermission(java.security.Permission permission) {
        throw new SecurityException("forbidden");
    }
});
return "16";
