nav-mine = Việc của tôi
nav-tasks = Nhiệm vụ
nav-briefings = Giao ban
nav-wall = Bảng tường
nav-report = Báo cáo
nav-venues = Địa điểm
nav-audit = Nhật ký
nav-admin = Quản trị
