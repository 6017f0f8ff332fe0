// HTTP by libcurl: connections are kept and used again, certificates are verified, proxies are those of the
// environment.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aws/http.h"
#include "aws/libcurl.h"

namespace mullion::aws {

class LibcurlClient final : public HttpClient {
public:
    // `ca_file`: authorities instead of the system's (AWS_CA_BUNDLE); empty: the system's.
    explicit LibcurlClient(std::string ca_file = {}) : ca_file_(std::move(ca_file)) {}
    ~LibcurlClient() override;
    LibcurlClient(const LibcurlClient&) = delete;
    LibcurlClient& operator=(const LibcurlClient&) = delete;

    [[nodiscard]] std::variant<HttpAnswer, HttpFailure> send(const HttpRequest& request) override;

private:
    [[nodiscard]] CURL* take(const Libcurl& curl);
    void give_back(const Libcurl& curl, CURL* handle);

    std::string ca_file_;
    std::mutex mutex_;
    std::vector<CURL*> idle_;  // Each with its connections; as many as asked at once, four at most.
};

}  // namespace mullion::aws
