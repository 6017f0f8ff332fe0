#include "wql/object_path.h"

#include <utility>

#include "wql/fold.h"
#include "wql/tokens.h"

namespace mullion::wql {
namespace {

bool is_server_part(char c) {
    return is_name_part(c) || c == '.' || c == '-';
}

// Each of the functions takes what it is named for from the front, or notes the fault and says false. There
// are no blanks in a path. ("WMI Object Path Requirements")
class Reader {
public:
    Reader(std::string_view query, std::size_t place, const PathLimits& limits)
        : query_(query), at_(place), limits_(limits) {}

    bool path() { return server() && name_with_namespaces() && keys(); }
    bool ends_here() { return at_ == query_.size() || fail(at_, "the end of the path"); }

    [[nodiscard]] std::size_t at() const { return at_; }
    ObjectPath out;
    Fault fault;

private:
    bool server() {
        if (!separator_at(at_) || !separator_at(at_ + 1)) return true;
        const auto start = at_ += 2;
        while (at_ < query_.size() && is_server_part(query_[at_])) ++at_;
        if (at_ == start) return fail(at_, "the name of a server, or '.'");
        if (at_ - start > limits_.name) return fail(start, name_limit(), Wrong::limit);
        out.server = query_.substr(start, at_ - start);
        if (!separator_at(at_)) return fail(at_, "'\\' and a namespace behind the server");
        ++at_;
        return true;
    }

    bool name_with_namespaces() {
        while (true) {
            const auto start = at_;
            if (!name(out.class_name, "the name of a class")) return false;
            const char next = front();
            if (next == ':' || separator_at(at_)) {
                if (out.namespaces.size() == limits_.namespaces)
                    return fail(start, "at most " + std::to_string(limits_.namespaces) + " namespaces",
                                Wrong::limit);
                out.namespaces.push_back(std::exchange(out.class_name, {}));
                ++at_;
                if (next == ':') return name(out.class_name, "the name of a class");
                continue;
            }
            const bool unfinished = !out.namespaces.empty() || !out.server.empty();
            return !unfinished || fail(at_, "'\\' or ':' behind a namespace");
        }
    }

    bool keys() {
        if (take('=')) {
            if (take('@')) return out.singleton = true;
            return key_value(out.keys.emplace_back());
        }
        if (!take('.')) return true;
        do {
            if (out.keys.size() == limits_.keys)
                return fail(at_, "at most " + std::to_string(limits_.keys) + " keys", Wrong::limit);
            auto& key = out.keys.emplace_back();
            const auto start = at_;
            if (!name(key.name, "the name of a key")) return false;
            for (std::size_t i = 0; i + 1 < out.keys.size(); ++i) {
                if (same_name(out.keys[i].name, key.name)) return fail(start, "each key once");
            }
            if (!take('=')) return fail(at_, "'=' and the value of the key");
            if (!key_value(key)) return false;
        } while (take(','));
        return true;
    }

    bool key_value(Key& key) {
        const char* expected = "a string in quotes, a number, TRUE or FALSE";
        const auto token = token_at(query_, at_);
        if (token.kind == Token::Kind::wrong) return fail(token.place, token.expected);
        if (token.place != at_) return fail(at_, expected);  // A blank.
        at_ = token.end;
        if (token.kind == Token::Kind::number) {
            key.value = *read_number(token.text);
            return true;
        }
        if (token.kind == Token::Kind::string) return string(key, token);
        const bool yes = same_name(token.text, "TRUE");
        if (token.kind != Token::Kind::name || (!yes && !same_name(token.text, "FALSE")))
            return fail(token.place, expected);
        key.value = yes;
        return true;
    }

    bool string(Key& key, const Token& token) {
        std::size_t wrong_at = 0;
        auto text = unescaped(token.text, false, wrong_at);
        if (!text) return fail(token.place + 1 + wrong_at, "\\\\, \\\" or \\' (a backslash is doubled)");
        key.value = std::move(*text);
        return true;
    }

    bool name(std::string& into, const char* expected) {
        const auto start = at_;
        if (!is_name_start(front())) return fail(at_, expected);
        while (at_ < query_.size() && is_name_part(query_[at_])) ++at_;
        if (at_ - start > limits_.name) return fail(start, name_limit(), Wrong::limit);
        into = query_.substr(start, at_ - start);
        return true;
    }

    [[nodiscard]] std::string name_limit() const {
        return "a name of at most " + std::to_string(limits_.name) + " characters";
    }
    [[nodiscard]] char front() const { return at_ < query_.size() ? query_[at_] : '\0'; }
    [[nodiscard]] bool separator_at(std::size_t at) const {
        return at < query_.size() && (query_[at] == '\\' || query_[at] == '/');
    }
    bool take(char c) {
        if (front() != c) return false;
        ++at_;
        return true;
    }
    bool fail(std::size_t place, std::string expected, Wrong wrong = Wrong::syntax) {
        fault = fault_at(query_, place, wrong, std::move(expected));
        return false;
    }

    std::string_view query_;
    std::size_t at_ = 0;
    const PathLimits& limits_;
};

}  // namespace

std::variant<ObjectPath, Fault> parse_object_path(std::string_view text, const PathLimits& limits) {
    Reader reader(text, 0, limits);
    if (!reader.path() || !reader.ends_here()) return std::move(reader.fault);
    return std::move(reader.out);
}

std::variant<PathFront, Fault> parse_path_front(std::string_view query, std::size_t place,
                                                const PathLimits& limits) {
    Reader reader(query, place, limits);
    if (!reader.path()) return std::move(reader.fault);
    return PathFront{std::move(reader.out), reader.at()};
}

std::string print_constant(const Constant& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (const auto* number = std::get_if<Number>(&value)) return write_number(*number);
    return std::get<bool>(value) ? "TRUE" : "FALSE";
}

std::string print(const ObjectPath& path) {
    std::string out;
    if (!path.server.empty()) out += "\\\\" + path.server + '\\';
    for (std::size_t i = 0; i < path.namespaces.size(); ++i)
        out += path.namespaces[i] + (i + 1 < path.namespaces.size() ? '\\' : ':');
    out += path.class_name;
    if (path.singleton) return out + "=@";
    const char* before = ".";
    for (const auto& key : path.keys) {
        if (!key.name.empty()) out += before + key.name;
        out += '=' + print_constant(key.value);
        before = ",";
    }
    return out;
}

}  // namespace mullion::wql
