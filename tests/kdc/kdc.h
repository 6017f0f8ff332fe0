// A Kerberos KDC for tests in C++: tests/support/kdc.py, run beside the test.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>

namespace mullion::kdc {

inline constexpr const char* kRealm = "EXAMPLE.TEST";
inline constexpr const char* kUser = "alice";
inline constexpr const char* kPassword = "Sesame-1";

class Kdc {
public:
    // `options` are the Python class's, as a JSON object. Sets KRB5_CONFIG, KRB5CCNAME and KRB5RCACHENAME of
    // this process, so it is made before the first use of a Kerberos library. Throws when there can be no
    // KDC.
    explicit Kdc(const std::string& options = "{}");
    Kdc(const Kdc&) = delete;
    Kdc& operator=(const Kdc&) = delete;
    ~Kdc();

    // Sets KRB5_CONFIG, KRB5CCNAME and KRB5RCACHENAME, which the libraries read for each context.
    void use() const;
    [[nodiscard]] const std::string& config() const { return config_; }
    [[nodiscard]] std::string keytab() const { return folder_ + "/all.keytab"; }
    // Of one service, "HTTP/localhost"; of one user.
    [[nodiscard]] std::string keytab_of(std::string service) const;
    [[nodiscard]] std::string user_keytab(const std::string& user) const;
    // The default cache of this process: a file that does not exist yet.
    [[nodiscard]] std::string cache() const { return folder_ + "/ccache"; }

    // Its tickets go on being valid.
    void stop() { ask("stop"); }
    // Tickets that it has issued: "AS_REQ", "TGS_REQ".
    [[nodiscard]] int count(const std::string& kind) { return std::stoi(ask("count " + kind)); }
    // A line of kadmin.
    void admin(const std::string& line) { ask("admin " + line); }

private:
    std::string ask(const std::string& line);
    std::string read_line();

    std::string folder_, config_;
    pid_t process_ = -1;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
};

}  // namespace mullion::kdc
