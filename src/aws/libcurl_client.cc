#include "aws/libcurl_client.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/printable.h"
#include "crypto/wiped_free.h"
#include "http/syntax.h"

namespace mullion::aws {
namespace {

constexpr std::size_t most_idle = 4;
constexpr std::size_t most_headers = 100;
constexpr std::size_t most_header_bytes = 32 * 1024;

// What comes, within its limits. The body's room is made once: growing would leave copies of keys behind.
struct Received {
    explicit Received(std::size_t most) : most_body(most) { body.reserve(most); }
    ~Received() { wipe(body); }
    Received(const Received&) = delete;
    Received& operator=(const Received&) = delete;

    std::size_t most_body;
    std::string body;
    std::vector<Header> headers;
    std::size_t header_bytes = 0;
    bool too_long = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& received = *static_cast<Received*>(to);
    if (count > received.most_body - received.body.size()) {
        received.too_long = true;
        return 0;
    }
    received.body.append(bytes, count);
    return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& received = *static_cast<Received*>(to);
    const std::string_view line(bytes, count);
    if (line.starts_with("HTTP/")) {  // Of a 100 before, or of a proxy's CONNECT: only the last one's count.
        received.headers.clear();
        return count;
    }
    received.header_bytes += count;
    if (received.headers.size() >= most_headers || received.header_bytes > most_header_bytes) {
        received.too_long = true;
        return 0;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
    received.headers.push_back({http::lower(line.substr(0, colon)), std::string(http::trim(value))});
    return count;
}

// Headers as libcurl wants them; its memory is wiped when it is given back.
class HeaderList {
public:
    explicit HeaderList(const Libcurl& curl) : curl_(curl) {}
    ~HeaderList() { curl_.curl_slist_free_all(list_); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;

    void add(std::string_view name, std::string_view value) {
        std::string line;
        line.reserve(name.size() + value.size() + 2);
        line.append(name).append(": ").append(value);
        if (auto* const longer = curl_.curl_slist_append(list_, line.c_str())) {
            list_ = longer;
        } else {
            complete_ = false;
        }
        wipe(line);
    }
    [[nodiscard]] curl_slist* list() const { return list_; }
    [[nodiscard]] bool complete() const { return complete_; }

private:
    const Libcurl& curl_;
    curl_slist* list_ = nullptr;
    bool complete_ = true;
};

// Every option of one request. False: this libcurl lacks one, or is out of memory.
class Options {
public:
    Options(const Libcurl& curl, CURL* handle) : curl_(curl), handle_(handle) {}

    template <class Value>
    void set(CURLoption option, Value value) {
        good_ = good_ && curl_.curl_easy_setopt(handle_, option, value) == CURLE_OK;
    }
    [[nodiscard]] bool good() const { return good_; }

private:
    const Libcurl& curl_;
    CURL* handle_;
    bool good_ = true;
};

void set_connection(Options& options, const HttpRequest& request, const std::string& ca_file) {
    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_PROTOCOLS_STR, request.endpoint.tls ? "https" : "http");
    options.set(CURLOPT_FOLLOWLOCATION, 0L);
    options.set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    options.set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    options.set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    options.set(CURLOPT_BUFFERSIZE, 16L * 1024);
    if (!ca_file.empty()) options.set(CURLOPT_CAINFO, ca_file.c_str());
    // What goes in clear is for this machine, or its metadata: no proxy is to read keys in the answers.
    if (request.direct || !request.endpoint.tls) options.set(CURLOPT_NOPROXY, "*");
}

void set_message(Options& options, const HttpRequest& request, const std::string& url) {
    const auto body = request.body.expose();
    options.set(CURLOPT_URL, url.c_str());
    options.set(CURLOPT_PATH_AS_IS, 1L);  // What was signed is what is sent.
    if (request.method == "GET") {
        options.set(CURLOPT_HTTPGET, 1L);
        return;
    }
    options.set(CURLOPT_POST, 1L);  // With a body, which may be empty (the metadata token's PUT).
    options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    options.set(CURLOPT_POSTFIELDS, body.data());
    options.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

ErrorId tls_error(CURLcode code, std::string_view words) {
    if (code != CURLE_PEER_FAILED_VERIFICATION) {
        if (code == CURLE_SSL_CACERT_BADFILE) return ErrorId::tls_files;
        // OpenSSL's words where what answers is no TLS at all.
        if (words.find("wrong version number") != std::string_view::npos) return ErrorId::tls_not_tls;
        return ErrorId::tls_handshake;
    }
    if (words.find("expired") != std::string_view::npos ||
        words.find("not yet valid") != std::string_view::npos)
        return ErrorId::tls_expired;
    if (words.find("subject name") != std::string_view::npos ||
        words.find("subject alternative") != std::string_view::npos)
        return ErrorId::tls_name;
    return ErrorId::tls_untrusted;
}

HttpFailure failure_of(CURLcode code, const std::string& words, const HttpRequest& request, bool too_long) {
    if (too_long)
        return {Error(ErrorId::aws_answer,
                      fmt::format("the answer is longer than {} bytes, or has too many headers",
                                  request.most_answer)),
                false};
    const auto text = one_line(words);
    switch (code) {
        case CURLE_SSL_CONNECT_ERROR:
            // A connection that was cut while it greeted is reported as this too.
            if (text.find("SSL_ERROR_SYSCALL") != std::string::npos ||
                text.find("reset") != std::string::npos)
                return {Error(ErrorId::aws_unreachable, text), true};
            [[fallthrough]];
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_ISSUER_ERROR:
            return {Error(tls_error(code, text), text), false};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_BAD_CONTENT_ENCODING:
            return {Error(ErrorId::aws_answer, text), false};
        case CURLE_OUT_OF_MEMORY:
        case CURLE_FAILED_INIT:
        case CURLE_URL_MALFORMAT:
            return {Error(ErrorId::aws_unreachable, text), false};
        case CURLE_OPERATION_TIMEDOUT:
            return {Error(ErrorId::aws_unreachable,
                          fmt::format("no whole answer in {} s: {}", request.timeout.count() / 1000.0, text)),
                    true};
        default:
            return {Error(ErrorId::aws_unreachable, text), true};
    }
}

}  // namespace

LibcurlClient::~LibcurlClient() {
    if (idle_.empty()) return;
    const auto curl = libcurl();
    for (auto* const handle : idle_) (*curl.value()).curl_easy_cleanup(handle);
}

CURL* LibcurlClient::take(const Libcurl& curl) {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return curl.curl_easy_init();
    auto* const handle = idle_.back();
    idle_.pop_back();
    return handle;
}

void LibcurlClient::give_back(const Libcurl& curl, CURL* handle) {
    curl.curl_easy_reset(handle);  // Its connections stay.
    {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < most_idle) {
            idle_.push_back(handle);
            return;
        }
    }
    curl.curl_easy_cleanup(handle);
}

std::variant<HttpAnswer, HttpFailure> LibcurlClient::send(const HttpRequest& request) {
    auto loaded = libcurl();
    if (!loaded.ok()) return HttpFailure{std::move(loaded.error()), false};
    const Libcurl& curl = **loaded;
    CURL* const handle = take(curl);
    if (handle == nullptr)
        return HttpFailure{Error(ErrorId::aws_unreachable, "libcurl makes no handle"), false};

    Received received(request.most_answer);
    std::array<char, CURL_ERROR_SIZE> words{};
    const auto url = request.endpoint.url() + request.target;
    HeaderList headers(curl);
    headers.add("Host", request.endpoint.host_field());
    headers.add("Expect", "");  // Otherwise libcurl asks first whether it may send, and waits a second.
    for (const auto& [name, value] : request.headers) headers.add(name, value);
    for (const auto& [name, value] : request.secret_headers) headers.add(name, value.expose());

    Options options(curl, handle);
    set_connection(options, request, ca_file_);
    set_message(options, request, url);
    options.set(CURLOPT_HTTPHEADER, headers.list());
    options.set(CURLOPT_ERRORBUFFER, words.data());
    options.set(CURLOPT_WRITEFUNCTION, take_body);
    options.set(CURLOPT_WRITEDATA, &received);
    options.set(CURLOPT_HEADERFUNCTION, take_header);
    options.set(CURLOPT_HEADERDATA, &received);
    if (!options.good() || !headers.complete()) {
        give_back(curl, handle);
        return HttpFailure{
            Error(ErrorId::aws_unreachable, "this libcurl lacks an option that is needed (7.85 has all)"),
            false};
    }
    const crypto::WipesFreed wipes;  // What TLS has opened is in its buffers, too.
    const auto code = curl.curl_easy_perform(handle);
    long status = 0;
    curl.curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    give_back(curl, handle);
    if (code != CURLE_OK)
        return failure_of(code, words[0] != '\0' ? words.data() : curl.curl_easy_strerror(code), request,
                          received.too_long);
    return HttpAnswer{static_cast<int>(status), std::move(received.headers), Secret(received.body)};
}

}  // namespace mullion::aws
