// The system's resolver, asked on threads that nobody waits for.
//
// getaddrinfo cannot be interrupted: with a name server that does not answer it takes minutes, and
// whoever joined its thread (as Asio's resolver does when its context ends) would wait as long. So
// the threads are detached, own what they work on, and end by themselves.
#pragma once
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "diamgw/transport/network.hpp"

namespace diamgw::transport {

/// Names that are being looked up. A name that several ask for at the same time is looked up once.
/// Bounds: `max_threads` at a time; further names wait in their order, as many as there are askers.
/// Any thread.
class name_lookups : public std::enable_shared_from_this<name_lookups> {
 public:
  using answer = result<addresses_of_host>;  // each once; the ports being 0
  using resolver = std::function<answer(const std::string& name)>;
  using told = std::function<void(const answer& found)>;

  /// As long as it lives, its function may be called; destroying it waits for a call in progress.
  class asker {
   public:
    asker(std::shared_ptr<name_lookups> of, std::string name, told tell);
    asker(const asker&) = delete;
    asker& operator=(const asker&) = delete;
    ~asker();

   private:
    friend class name_lookups;

    std::shared_ptr<name_lookups> of_;
    std::string name_;
    told tell_;
  };

  /// `resolve` may block. It is called on several threads at a time, and may return after all else
  /// of the program has ended: it owns what it uses.
  explicit name_lookups(resolver resolve, std::size_t max_threads = most_lookups);

  /// `tell` is called at most once, on another thread, and must neither wait nor ask.
  [[nodiscard]] std::unique_ptr<asker> ask(std::string name, told tell);

  [[nodiscard]] std::size_t threads() const;

 private:
  struct question {
    bool begun = false;
    std::vector<asker*> askers;  // none: nobody waits for it any more
  };

  void leave(asker& who) noexcept;
  void begin_thread();
  void work();

  const resolver resolve_;
  const std::size_t max_threads_;
  mutable std::mutex mutex_;
  std::map<std::string, question> questions_;
  std::deque<std::string> waiting_;  // names that no thread has taken yet
  std::size_t threads_ = 0;
};

}  // namespace diamgw::transport
