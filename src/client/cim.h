// CIM on one host, over WS-Management: WQL, the instances of classes, their methods. Public, as client.h is;
// instances and their values are those of wsman/cim/instance.h. Values are text, as the wire has no types:
// Value::as() reads one as what its class says it is.
//
//     mullion::client::Cim cim(*session);
//     auto outcome = cim.query("SELECT Name, State FROM Win32_Service", sink);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "wsman/cim/enumeration.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"

namespace mullion::client {

class Session;

// What an enumeration finds: instances, or with another wsman::cim::Mode references to them as well.
struct CimRow {
    wsman::cim::Instance instance;  // Of a reference alone: one without a class.
    std::optional<wsman::cim::Reference> reference = {};
};

// Takes rows as they arrive, on the session's I/O thread, which other hosts share: it must not block.
class CimSink {
public:
    virtual ~CimSink() = default;
    // False: that is enough. No more rows come, and the host is told to forget the rest.
    [[nodiscard]] virtual bool on_row(CimRow row) = 0;
    // As OutputSink::ready, asked between two batches.
    [[nodiscard]] virtual bool ready(std::function<void()> resume) {
        (void)resume;
        return true;
    }
};

using CimProperties = std::vector<wsman::cim::Property>;

// One question. What changes something is never sent twice: where its answer is lost, the status is unknown.
struct CimGet {
    wsman::cim::Target of;
};
struct CimSet {  // Reads the instance, changes these properties, and puts all of it back.
    wsman::cim::Target of;
    CimProperties properties;
};
struct CimCreate {
    wsman::cim::Target of;  // A class.
    CimProperties properties;
};
struct CimRemove {
    wsman::cim::Target of;
};
struct CimInvoke {
    wsman::cim::Target of;  // Without keys: a static method.
    std::string method;
    CimProperties arguments = {};
};
using CimQuestion = std::variant<wsman::cim::Enumeration, CimGet, CimSet, CimCreate, CimRemove, CimInvoke>;

struct CimVisit {
    CimQuestion question;
    std::optional<Duration> timeout = {};  // Wall clock, none by default.
    // Of one answer. An enumeration that does not say how many rows it wants at a time asks for as many as
    // may fit; the host's own limits hold as well.
    std::uint64_t max_envelope_size = 512'000;
};

// What became of it.
struct CimOutcome {
    Status status = Status::not_started;
    std::optional<Error> error;
    std::optional<wsman::Fault> fault;  // Beside the error that it is.

    std::size_t rows = 0;   // That the sink was given, also before an error.
    bool complete = false;  // They are all there are: the host said that it has no more.

    std::optional<wsman::cim::Instance> instance;    // Of Get; of Set what the host answers, if it does.
    std::optional<wsman::cim::Reference> created;    // Of Create.
    std::optional<wsman::cim::MethodResult> method;  // Of Invoke, whatever it returned.

    Duration duration{0};
    std::string reason;  // Why a fleet skipped the host.
};

inline constexpr std::string_view default_cim_namespace = "root/cimv2";

// The questions in the form that Windows' own namespaces have.
[[nodiscard]] wsman::cim::Target cim_class(std::string_view name,
                                           std::string_view cim_namespace = default_cim_namespace);
[[nodiscard]] wsman::cim::Target cim_object(std::string_view class_name, std::vector<wsman::cim::Key> keys,
                                            std::string_view cim_namespace = default_cim_namespace);
[[nodiscard]] wsman::cim::Enumeration cim_query(std::string wql,
                                                std::string_view cim_namespace = default_cim_namespace);
// What belongs to an object; `filter.object` is set here.
[[nodiscard]] wsman::cim::Enumeration cim_associators(const wsman::cim::Target& object,
                                                      wsman::cim::AssociationFilter filter = {});

// Blocking and callback forms; `done` is called on the session's I/O thread. Session and sink must live until
// then, the Cim need not. An enumeration that was left is released behind its outcome, for up to 10 s;
// Session::finish() waits for it. What `done` throws is told by finish().
class Cim {
public:
    explicit Cim(Session& session) : session_(session) {}

    // Without a sink the rows are counted and dropped. Errors: usage.invalid (what cannot be sent), those of
    // the session, wsman.fault … of the host. An error in between comes behind the rows so far.
    [[nodiscard]] CimOutcome ask(CimVisit visit, CimSink* sink = nullptr);
    void ask_async(CimVisit visit, CimSink* sink, std::function<void(CimOutcome)> done);

    [[nodiscard]] CimOutcome query(std::string wql, CimSink& sink,
                                   std::string_view cim_namespace = default_cim_namespace);
    [[nodiscard]] CimOutcome enumerate(const wsman::cim::Target& of_class, CimSink& sink);
    [[nodiscard]] CimOutcome associators(const wsman::cim::Target& object, CimSink& sink,
                                         wsman::cim::AssociationFilter filter = {});
    [[nodiscard]] Result<wsman::cim::Instance> get(const wsman::cim::Target& object);
    [[nodiscard]] CimOutcome set(const wsman::cim::Target& object, CimProperties properties);
    [[nodiscard]] CimOutcome create(const wsman::cim::Target& of_class, CimProperties properties);
    [[nodiscard]] CimOutcome remove(const wsman::cim::Target& object);
    [[nodiscard]] Result<wsman::cim::MethodResult> invoke(const wsman::cim::Target& of, std::string method,
                                                          CimProperties arguments = {});

private:
    Session& session_;
};

}  // namespace mullion::client
