// Classes of a host in memory: the service's side of wsman/cim around one list of instances, as well-behaved
// or as odd as other people's services are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "wsman/cim/enumeration.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/operations.h"

namespace mullion::client::testing {

class FakeCim {
public:
    std::vector<std::string> rows;  // Of every enumeration: XML each.
    std::size_t page = 100;         // Rows of one answer, at most as many as are asked for.
    bool optimizes = true;          // False: the first rows come with the first Pull.
    bool counts_pulls = true;       // The context changes with each batch.
    bool endless = false;           // Batches without rows and without an end.
    std::size_t pauses = 0;         // Batches without rows before each that has some.
    bool ends_empty = false;        // The end is a batch of its own.
    bool swaps_spaces = false;      // Items and the end in the other one of the two namespaces.
    bool context_behind = false;    // It stands behind the rows, not before them.
    std::string spoil = {};         // Stands in the place of the second row of the second batch.

    wsman::cim::Instance instance = {};    // Of Get and Put.
    bool shows_what_was_put = true;        // Put answers it.
    std::string created_key = "new";       // Of Create: its Name.
    wsman::cim::MethodResult result = {};  // Of a method.
    // Before each: may set `rows`, `result`.
    std::function<void(const wsman::cim::Enumeration&)> on_enumerate = {};
    std::function<void(const wsman::cim::Method&)> on_method = {};

    // What came to pass.
    std::vector<std::string> seen;         // "Pull c2", "Get Win32_Service.Name=a", "Release c1"
    std::vector<std::uint32_t> asked_for;  // MaxElements, of each Enumerate and Pull.
    std::string query;                     // Of the last Enumerate; of an association filter its dialect.
    std::vector<std::string> kept;         // Contexts that nobody has ended or released.
    std::vector<wsman::cim::Instance> put, created;
    std::vector<wsman::cim::Method> invoked;

    // Instances "<name>0", "<name>1" … of Win32_Service with a Name.
    void add_rows(std::size_t count, const std::string& name = "row");
    [[nodiscard]] std::string answer(const wsman::Message& request);

private:
    [[nodiscard]] Result<std::string> handle(const wsman::Message& request, const std::string& action);
    [[nodiscard]] std::string batch(const wsman::Message& request, bool first, std::size_t from,
                                    std::uint32_t asked);
    [[nodiscard]] Result<std::string> enumerate(const wsman::Message& request);
    [[nodiscard]] Result<std::string> pull(const wsman::Message& request);
    [[nodiscard]] Result<std::string> change(const wsman::Message& request, const std::string& action,
                                             const wsman::cim::Target& target);

    std::size_t given_ = 0;
    std::size_t paused_ = 0;
};

}  // namespace mullion::client::testing
