// The only place that has a timer of Asio's which is to pass.
#include <boost/asio/basic_waitable_timer.hpp>
#include <utility>

#include "diamgw/base/result.hpp"
#include "diamgw/transport/time_source.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;

class system_time final : public time_source {
 public:
  system_time(asio::io_context& loop, std::function<void()> on_time)
      : loop_{&loop}, on_time_{std::move(on_time)}, timer_{loop} {}

  time_point now() noexcept override { return clock::now(); }

  void wake_at(time_point at) override {
    if (at == time_point::max()) {
      timer_.cancel();
      return;
    }
    timer_.expires_at(at);
    // Asio counts a wait as work, by which it knows whether its loop may end. The alarm is none:
    // a loop that has nothing left but deadlines has nothing left. The handler puts back what is
    // taken here, since Asio takes it a second time when it has called it.
    asio::io_context& loop = *loop_;
    timer_.async_wait([this, &loop](error_code ec) {
      loop.get_executor().on_work_started();
      if (!ec) {  // else this may be gone
        on_time_();
      }
    });
    loop.get_executor().on_work_finished();
  }

 private:
  asio::io_context* loop_;
  std::function<void()> on_time_;
  asio::basic_waitable_timer<clock, asio::wait_traits<clock>, asio::io_context::executor_type>
      timer_;
};

}  // namespace

std::unique_ptr<time_source> make_system_time(asio::io_context& loop,
                                              std::function<void()> on_time) {
  return std::make_unique<system_time>(loop, std::move(on_time));
}

}  // namespace diamgw::transport
