// HTTP/1.1 requests and responses as values. No sockets: net reads and writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mullion::http {

// Fields in the order they came; names are compared without case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    void add(std::string_view name, std::string_view value) {
        if (fields_.empty()) fields_.reserve(8);  // Enough for what WinRM sends either way.
        fields_.emplace_back(name, value);
    }
    void set(std::string_view name, std::string_view value);  // Replaces all of that name.
    void remove(std::string_view name);
    void wipe(std::string_view name);  // Overwrites the values and removes them: Authorization has passwords.
    [[nodiscard]] std::optional<std::string_view> first(std::string_view name) const;
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return first(name).has_value(); }
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

private:
    std::vector<Field> fields_;
};

[[nodiscard]] bool same_without_case(std::string_view a, std::string_view b);

struct Request {
    std::string method = "POST";
    std::string target = "/wsman";
    Headers headers;
    std::string body;
    bool keep_alive = true;
};

struct Response {
    int status = 200;
    std::string reason;
    Headers headers;
    std::string body;
    bool keep_alive = true;
};

// A media type and its parameters: "application/soap+xml;charset=UTF-8". Names and type in lower case,
// values without quotes.
struct MediaType {
    std::string type;
    std::vector<std::pair<std::string, std::string>> parameters;
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};
// Nothing when it is not a media type, or has over 16 parameters.
[[nodiscard]] std::optional<MediaType> parse_media_type(std::string_view text);

}  // namespace mullion::http
