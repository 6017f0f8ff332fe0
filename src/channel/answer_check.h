// What an HTTP answer of a WinRM host means, before anyone reads its body. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "http/message.h"

namespace mullion::channel {

// True for a media type that carries SOAP.
[[nodiscard]] bool is_soap(std::string_view content_type);
[[nodiscard]] bool is_soap(const http::MediaType& media);

// The schemes of a 401, in the order they came, each once.
[[nodiscard]] std::vector<std::string> offered_schemes(const http::Response& response);

// True for an answer with SOAP in it, sealed or not.
[[nodiscard]] bool carries_message(const http::Response& response);

// True for an answer after which the host has done nothing with the request: 3xx, 401, 403, 404, 405, 413,
// 501, 503. With a message in it the status is not to be believed: who refuses at the door does not speak
// SOAP.
[[nodiscard]] bool refused_untouched(const http::Response& response);

// The failure that a message means whose status says that there is none.
[[nodiscard]] Error explain_message(const http::Response& response);

// The failure that an answer without SOAP means; 401 is the log-on's business and not looked at.
// `path` is what was asked for. `in_clear`: the request went over HTTP without sealing, which hosts refuse
// with an empty 500.
[[nodiscard]] Error explain_answer(const http::Response& response, bool in_clear, bool tls,
                                   std::string_view path = "");

}  // namespace mullion::channel
