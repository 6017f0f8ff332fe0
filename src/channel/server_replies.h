// Answers without a body, as HTTP.sys gives them.
#pragma once

#include "channel/server_connection.h"
#include "http/message.h"

namespace mullion::channel {

[[nodiscard]] inline http::Response empty_reply(const ServerSettings& settings, int status) {
    http::Response response;
    response.status = status;
    response.headers.set("Server", settings.server_field);
    return response;
}

[[nodiscard]] inline http::Response closing_reply(const ServerSettings& settings, int status) {
    http::Response response = empty_reply(settings, status);
    response.keep_alive = false;
    return response;
}

}  // namespace mullion::channel
