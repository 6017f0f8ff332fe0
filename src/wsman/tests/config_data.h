// Requests about winrm/config, made of their parts.
#pragma once

#include <string>
#include <vector>

#include "wsman/config.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::testing {

inline const ConfigResource& resource_of(std::string_view path) {
    std::string uri(resource::config);
    if (!path.empty()) uri.append("/").append(path);
    const auto* found = find_config_resource(uri);
    if (found == nullptr) throw std::runtime_error("no resource " + uri);
    return *found;
}

// `inside` stands in <p:ROOT xmlns:p="URI of path">.
inline Message config_request(std::string_view action, const std::string& path, const std::string& root,
                              const std::string& inside, std::vector<Selector> keys = {}) {
    const auto uri = std::string(resource::config) + (path.empty() ? "" : "/") + path;
    const RequestHead head{action, uri, message_id, std::move(keys), {}};
    return message_of(write_request(settings(), head, [&](xml::Writer& out) {
        if (!root.empty())
            out.raw("<p:" + root + " xmlns:p=\"" + uri +
                    "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">" + inside + "</p:" + root +
                    ">");
    }));
}

// The body of a request as the service takes it.
inline Result<ConfigDocument> body_of(const Message& message) {
    MULLION_ASSIGN(const auto target, read_config_target(message));
    return read_config_body(message, target);
}

inline Result<ConfigDocument> put_winrs(const std::string& inside) {
    return body_of(config_request(action::put, "winrs", "Winrs", inside));
}

}  // namespace mullion::wsman::testing
