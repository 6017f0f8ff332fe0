// The endpoint: scrapes come in over HTTP, hosts are asked, metrics go out. It runs on the thread of its
// io_context; sessions have threads of their own (client::Runtime).
#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/client.h"
#include "core/log.h"
#include "core/result.h"
#include "exporter/config.h"
#include "net/tls.h"

namespace mullion::exporter {

// A configuration and what it needs of other files.
struct Loaded {
    Config config;
    std::shared_ptr<const net::TlsServer> tls = nullptr;  // Null: http.
};

class Exporter {
public:
    struct Parts {
        client::Runtime& runtime;
        Logger& log;
        // Reads files; called at the start and for each reload, then on a worker. Errors: those of the files
        std::function<Result<Loaded>()> load;
        // An answer without what is secret in it; of metrics only labels are changed (with_label_values).
        // Null: all is said as it is.
        std::function<std::string(std::string text, bool metrics)> mask = {};
    };
    // Listens. Errors: load's, serve.listen
    [[nodiscard]] static Result<std::unique_ptr<Exporter>> make(Parts parts);
    ~Exporter();

    [[nodiscard]] std::vector<std::string> urls() const;  // "http://127.0.0.1:9986"
    // Until SIGTERM or SIGINT; what goes on then is ended. SIGHUP reloads, and where a reload goes on, does
    // so after it.
    void run();

private:
    struct State;
    explicit Exporter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Reads `file` and the certificate that it names. Errors: usage.file, config.invalid, tls.files
[[nodiscard]] Result<Loaded> load_config(const std::string& file);

}  // namespace mullion::exporter
