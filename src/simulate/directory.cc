#include "simulate/directory.h"

#include <utility>

namespace mullion::simulate {

Directory::LetIn::LetIn(const std::shared_ptr<const std::vector<Account>>& list,
                        const service::SharedKeys& keys)
    : accounts(list) {
    if (keys) kerberos.emplace(accounts, keys);
}

Directory::Directory(const Fleet& fleet, service::SharedKeys keys, service::IoThreads& threads, Logger& log)
    : fleet_(fleet), keys_(std::move(keys)), threads_(threads), log_(log), hosts_(fleet.hosts.size()) {
    by_address_.reserve(fleet.hosts.size());
    for (std::size_t i = 0; i < fleet.hosts.size(); ++i) by_address_.emplace(fleet.hosts[i].address, i);
}

Host* Directory::at(const std::string& address) {
    auto found = by_address_.find(address);
    if (found == by_address_.end()) found = by_address_.find({});
    return found == by_address_.end() ? nullptr : &host(found->second);
}

Host& Directory::host(std::size_t index) {
    auto& host = hosts_.at(index);
    if (host) return *host;
    const auto& list = fleet_.hosts[index].kind->accounts;
    auto& let_in = let_in_[list.get()];
    if (!let_in) let_in = std::make_unique<LetIn>(list, keys_);
    const net::Executor executor = threads_.context(thread_of(index)).get_executor();
    host = std::make_unique<Host>(Host::Parts{fleet_, index, executor, let_in->accounts, log_,
                                              let_in->kerberos ? &*let_in->kerberos : nullptr});
    return *host;
}

std::size_t Directory::index_of(const Host& host) const {
    return static_cast<std::size_t>(&host.spec() - fleet_.hosts.data());
}

std::vector<Host*> Directory::awake() const {
    std::vector<Host*> out;
    for (const auto& host : hosts_)
        if (host) out.push_back(host.get());
    return out;
}

std::vector<Host*> Directory::awake_on(std::size_t thread) const {
    std::vector<Host*> out;
    for (std::size_t i = thread; i < hosts_.size(); i += threads_.count())
        if (hosts_[i]) out.push_back(hosts_[i].get());
    return out;
}

}  // namespace mullion::simulate
